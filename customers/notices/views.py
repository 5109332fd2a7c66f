"""What payers were told by mail, and when."""

from __future__ import annotations

from core.lists.views import list_view
from customers.notices.lists import PAYER_NOTICES

payer_notice_list = list_view(PAYER_NOTICES)

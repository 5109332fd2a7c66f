"""Tables of members and invitations."""

from __future__ import annotations

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.models import Membership
from core.lists.tables import ListTable, MomentColumn, StatusColumn, TextColumn, TitleColumn
from core.members.models import Invitation
from core.ui import html


class MemberTable(ListTable):
    """People with their rights."""

    name = TitleColumn(
        gettext_lazy("Name"),
        detail="member_detail",
        accessor="pk",
        order_by=("user__name", "user__email"),
    )
    email = TextColumn(gettext_lazy("E-mail address"), accessor="user__email")
    role = TextColumn(gettext_lazy("Role"))
    site_names = TextColumn(gettext_lazy("Sites"), empty_values=())
    is_active = TextColumn(gettext_lazy("Status"))
    has_second_factor = StatusColumn(gettext_lazy("Second factor"), kind="yes_no")
    last_login = MomentColumn(gettext_lazy("Last log-in"), accessor="user__last_login")

    class Meta(ListTable.Meta):
        model = Membership
        fields: tuple[str, ...] = ()
        order_by = "name"

    def render_name(self, record: Membership, column: TitleColumn) -> SafeString:
        """Name, or the address where there is none."""
        return column.render(str(record.user), record)

    def render_is_active(self, record: Membership) -> SafeString:
        """Active or not."""
        return html.status_html("active" if record.is_active else "inactive", "member")

    def render_site_names(self, record: Membership) -> str:
        """The chosen sites; every one where there is no limit."""
        return sites_in_words(record)


def sites_in_words(member: Membership) -> str:
    """Which sites a member works with, for a row of ``selectors.members``."""
    if not member.is_limited:
        return _("All sites")
    names: str = member.site_names  # type: ignore[attr-defined]  # annotated by the selector
    return names or _("No site")


class InvitationTable(ListTable):
    """Invitations, the newest first."""

    email = TitleColumn(gettext_lazy("E-mail address"), detail="invitation_detail")
    name = TextColumn(gettext_lazy("Name"))
    role = TextColumn(gettext_lazy("Role"))
    shown_state = StatusColumn(gettext_lazy("State"), kind="invitation")
    sent_at = MomentColumn(gettext_lazy("Sent"))
    expires_at = MomentColumn(gettext_lazy("Expires"))
    invited_by = TextColumn(gettext_lazy("Invited by"))

    class Meta(ListTable.Meta):
        model = Invitation
        fields: tuple[str, ...] = ()

"""One generic list for every list page: search, filters, sort, pages, CSV, phone layout.

A list in twenty lines (``filters.py``, ``tables.py`` and ``views.py`` of a room)::

    class SiteFilter(ListFilterSet):
        search_fields = ("name", "city", "public_id")
        country = ChoiceFilter(label=_("Country"), choices=COUNTRIES)

        class Meta:
            model = Site
            fields = ["country"]

    class SiteTable(ListTable):
        name = TitleColumn(_("Site"), detail="site_detail", key="public_id")
        city = TextColumn(_("City"))
        created_at = MomentColumn(_("Created"))

    SITES = ListSpec(
        name="sites", title=_("Sites"), permission=Permission.NETWORK_VIEW,
        queryset=lambda request: Site.objects.all(),
        filterset=SiteFilter, table=SiteTable,
        csv=(CsvColumn("public_id"), CsvColumn("name"), CsvColumn("city")),
        empty=EmptyText(_("No sites yet"), _("Create one."), "site_create", _("New site")),
    )
    urlpatterns = [path("sites/", list_view(SITES), name="site_list")]

Rules that hold for every list: filters, sort and page are in the address; the order ends with
the primary key, so that pages never overlap; a wrong filter value shows its error and no rows;
CSV has exactly the filtered rows in machine formats; the number of queries does not depend on
the number of rows (use ``select_related`` and annotations in ``queryset``).
"""

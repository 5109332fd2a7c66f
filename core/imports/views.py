"""Pages of imports: the list, the upload, the preview and the result."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import operator_of
from core.accounts.permissions import Permission
from core.forms import attempt, posted
from core.imports import files, registry, services
from core.imports.filters import ImportFilter
from core.imports.forms import CommitForm, UploadForm
from core.imports.models import ImportRun, ImportState
from core.imports.plan import KINDS, Plan
from core.imports.spec import ImportSpec
from core.imports.tables import ImportTable
from core.lists.export import FORMATS, file_name
from core.lists.paging import page_number
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.views import list_view

PER_PAGE = 100


def _runs(request: HttpRequest) -> QuerySet[ImportRun]:
    runs: QuerySet[ImportRun] = ImportRun.objects.defer("original", "sheet", "objects_done")
    return runs.filter(kind__in=list(registry.allowed(request)))


IMPORTS = ListSpec(
    name="imports",
    title=gettext_lazy("Imports"),
    permission=Permission.IMPORT_USE,
    queryset=_runs,
    filterset=ImportFilter,
    table=ImportTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("file_name"),
        CsvColumn("kind"),
        CsvColumn("state"),
        CsvColumn("row_count"),
        CsvColumn("created_count"),
        CsvColumn("changed_count"),
        CsvColumn("user_label"),
        CsvColumn("created_at"),
        CsvColumn("done_at"),
        CsvColumn("reason"),
    ),
    empty=EmptyText(
        gettext_lazy("No import yet"),
        gettext_lazy("Bring sites, stations, drivers and tokens in from CSV or XLSX files."),
        "import_create",
        gettext_lazy("Import a file"),
    ),
    search_hint=gettext_lazy("File, person or reason"),
    actions=(ListAction(gettext_lazy("Import a file"), "import_create", "upload"),),
)
import_list = list_view(IMPORTS)


@permission_required(Permission.IMPORT_USE)
@require_http_methods(["GET", "POST"])
def import_create(request: HttpRequest) -> HttpResponse:
    """Upload a file; the next page shows what it would do."""
    kinds = registry.allowed(request)
    data = posted(request)
    form = UploadForm(
        data, request.FILES if data is not None else None, kinds=kinds,
        initial={"kind": request.GET.get("kind", "")},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        begun = attempt(
            form,
            lambda: services.begin(
                operator=operator_of(request),
                spec=kinds[form.cleaned_data["kind"]],
                name=file.name or "",
                raw=file.read(),
            ),
        )
        if begun is not None:
            return redirect("import_detail", public_id=begun.public_id)
    context = {"form": form, "kinds": kinds.values()}
    return render(request, "core/imports/import_create.html", context)


@permission_required(Permission.IMPORT_USE)
@never_cache
@require_http_methods(["GET", "POST"])
def import_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """What would be done, row by row; POST does all of it. Afterwards: what was done."""
    run, spec = _find(request, public_id)
    if run.state != ImportState.DRAFT:
        return _finished(request, run, spec)
    plan = services.plan_of(run, spec)
    form = CommitForm(posted(request), initial={"shown": plan.digest})
    if request.method == "POST" and form.is_valid():
        result = attempt(form, lambda: services.commit(run=run, spec=spec, **form.cleaned_data))
        if result is not None and not result.is_stale:
            messages.success(request, _("The file has been imported."))
            return redirect("import_detail", public_id=public_id)
        if result is not None:
            plan = result.plan
            messages.warning(
                request,
                _("Nothing was imported: rows have changed since the preview. Look again."),
            )
            form = CommitForm(initial={"shown": plan.digest})
    context = _preview(request, run, spec, plan) | {"form": form}
    return render(request, "core/imports/import_preview.html", context)


def _find(request: HttpRequest, public_id: str) -> tuple[ImportRun, ImportSpec]:
    run = get_object_or_404(ImportRun.objects.all(), public_id=public_id)
    if run.kind not in registry.specs():
        raise Http404
    spec = registry.allowed(request).get(run.kind)
    if spec is None:
        raise PermissionDenied(_("Your role may not do this."))
    return run, spec


def _preview(request: HttpRequest, run: ImportRun, spec: ImportSpec, plan: Plan) -> dict[str, Any]:
    kind = request.GET.get("kind", "")
    rows = [row for row in plan.rows if not kind or row.kind == kind]
    if not kind:
        rows.sort(key=lambda row: (KINDS.index(row.kind) > 0, row.line))
    pages = Paginator(rows, PER_PAGE)
    return {
        "run": run,
        "spec": spec,
        "plan": plan,
        "counts": [(name, count) for name, count in plan.counts.items() if count],
        "kind": kind,
        "page": pages.page(page_number(request.GET.get("page"), pages.num_pages)),
    }


def _finished(request: HttpRequest, run: ImportRun, spec: ImportSpec) -> HttpResponse:
    if request.method == "POST":
        messages.info(request, _("This file was imported or discarded before."))
        return redirect("import_detail", public_id=run.public_id)
    pages = Paginator(run.objects_done, PER_PAGE)
    context = {
        "run": run,
        "spec": spec,
        "page": pages.page(page_number(request.GET.get("page"), pages.num_pages)),
    }
    return render(request, "core/imports/import_done.html", context)


@permission_required(Permission.IMPORT_USE)
@require_http_methods(["GET", "POST"])
def import_discard(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put a draft away."""
    run, _spec = _find(request, public_id)
    if request.method == "POST":
        services.discard(run=run)
        messages.success(request, _("The file has been discarded; nothing was changed."))
        return redirect("import_list")
    context = {
        "title": _("Discard %(file)s") % {"file": run},
        "consequence": _("What the file holds is forgotten; nothing has been changed."),
        "verb": _("Discard the file"),
        "cancel_url": "../",
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.IMPORT_USE)
@require_safe
def import_errors(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everything that is wrong, as CSV."""
    run, spec = _find(request, public_id)
    if run.state != ImportState.DRAFT:
        raise Http404
    problems = services.plan_of(run, spec).all_problems
    return _file(files.problems_csv(problems), file_name(f"{spec.name}-errors", "csv"))


@permission_required(Permission.IMPORT_USE)
@require_safe
def import_original(request: HttpRequest, public_id: str) -> HttpResponse:
    """The file as it came; with secrets hidden, as CSV."""
    run, _spec = _find(request, public_id)
    name = f"{run.file_name}.csv" if run.is_redacted else run.file_name
    return _file(bytes(run.original), name, "application/octet-stream")


@permission_required(Permission.IMPORT_USE)
@require_safe
def import_template(request: HttpRequest) -> HttpResponse:
    """An empty file with the columns of a kind and one example."""
    kinds = registry.allowed(request)
    spec = kinds.get(request.GET.get("kind", "")) or next(iter(kinds.values()), None)
    if spec is None:
        raise PermissionDenied(_("Your role may not do this."))
    if request.GET.get("format") == "xlsx":
        name = f"{spec.name}-template.xlsx"
        return _file(files.template_xlsx(spec), name, FORMATS["xlsx"])
    return _file(files.template_csv(spec), f"{spec.name}-template.csv")


def _file(content: bytes, name: str, content_type: str = FORMATS["csv"]) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    response["Content-Disposition"] = f'attachment; filename="{plain}"'
    response["Cache-Control"] = "no-store"
    return response

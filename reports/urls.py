"""Addresses of what is composed: the overview, the meeting page, the clause ledger, reports, documents."""

from django.urls import path

from bureau.tables_out import both
from reports import (
    edition_views,
    file_views,
    issue_views,
    meeting_views,
    plan_views,
    proof_views,
    release_views,
    report_views,
    section_views,
    slip_views,
    table_views,
    views,
)

EDITION = "reports/<str:kind>/<str:month>"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("meeting/", meeting_views.meeting, name="meeting"),
    *both("meeting/late", meeting_views.meeting_late_table, "meeting_late"),
    *both("meeting/decisions", meeting_views.meeting_decisions_table, "meeting_decisions"),
    path("plan/", plan_views.plan, name="plan"),
    *both("plan/ledger", plan_views.plan_csv, "plan"),
    path("plan/<str:number>/", plan_views.clause, name="clause"),
    *both("plan/<str:number>/table", plan_views.clause_table, "clause"),
    path("sections/", section_views.section_list, name="section_list"),
    *both("sections/list", table_views.section_list_table, "section_list"),
    path("sections/<str:code>/", section_views.section, name="section"),
    path("releases/", release_views.releases, name="releases"),
    *both("releases/list", table_views.release_list_table, "release_list"),
    *both("releases/corrections", table_views.correction_list_table, "correction_list"),
    path("reports/", report_views.report_list, name="report_list"),
    *both("reports/list", report_views.report_list_table, "report_list"),
    path("reports/new/", report_views.report_new, name="report_new"),
    path("reports/<str:month>/<int:version>/evaluation.docx", views.report_word, name="report_word"),
    path("reports/<str:month>/<int:version>/annex.xlsx", views.report_annex, name="report_annex"),
    path(f"{EDITION}/", edition_views.edition, name="edition"),
    path(f"{EDITION}/settings/", issue_views.edition_settings, name="edition_settings"),
    path(f"{EDITION}/issue/", issue_views.edition_issue, name="edition_issue"),
    path(f"{EDITION}/preview/", proof_views.edition_preview, name="edition_preview"),
    path(f"{EDITION}/proof/", proof_views.edition_proof, name="edition_proof"),
    *both(f"{EDITION}/proof", proof_views.edition_proof_table, "edition_proof"),
    path(f"{EDITION}/recheck/", proof_views.edition_recheck, name="edition_recheck"),
    *both(f"{EDITION}/recheck", proof_views.edition_recheck_table, "edition_recheck"),
    *both(f"{EDITION}/differences", proof_views.edition_differences_table, "edition_differences"),
    path(f"{EDITION}/differences/", proof_views.edition_differences, name="edition_differences"),
    path(f"{EDITION}/<int:number>/files/<str:what>", file_views.edition_file, name="edition_file"),
    path(f"{EDITION}/<int:number>/build/<str:what>/", file_views.edition_build, name="edition_build"),
    path("slips/<int:pk>/slip.docx", slip_views.slip_word, name="slip_word"),
]

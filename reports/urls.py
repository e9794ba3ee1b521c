"""Addresses of what is composed: the overview, the meeting page, the clause ledger, documents."""

from django.urls import path

from bureau.tables_out import both
from reports import meeting_views, plan_views, release_views, section_views, slip_views, table_views, views

urlpatterns = [
    path("", views.overview, name="overview"),
    path("meeting/", meeting_views.meeting, name="meeting"),
    path("plan/", plan_views.plan, name="plan"),
    *both("plan/ledger", plan_views.plan_csv, "plan"),
    path("plan/<str:number>/", plan_views.clause, name="clause"),
    path("sections/", section_views.section_list, name="section_list"),
    *both("sections/list", table_views.section_list_table, "section_list"),
    path("sections/<str:code>/", section_views.section, name="section"),
    path("releases/", release_views.releases, name="releases"),
    *both("releases/list", table_views.release_list_table, "release_list"),
    *both("releases/corrections", table_views.correction_list_table, "correction_list"),
    path("reports/", views.report_list, name="report_list"),
    path("reports/<str:month>/<int:version>/evaluation.docx", views.report_word, name="report_word"),
    path("reports/<str:month>/<int:version>/annex.xlsx", views.report_annex, name="report_annex"),
    path("slips/<int:pk>/slip.docx", slip_views.slip_word, name="slip_word"),
]

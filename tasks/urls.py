"""Addresses of assessments, clearing lists, decisions, phases, tasks and key projects."""

from django.urls import path

from tasks.views import assessed, assessments, clearing, decisions, listing, phases, reports, work

urlpatterns = [
    path("assessment/", assessments.assessment_list, name="assessment_list"),
    path("assessment/new/", assessments.assessment_new, name="assessment_new"),
    path("assessment/<int:pk>/", assessments.assessment, name="assessment"),
    path("assessment/<int:pk>/table.csv", assessments.assessment_csv, name="assessment_csv"),
    path("assessment/<int:pk>/lines.csv", assessments.assessment_lines_csv, name="assessment_lines_csv"),
    path("assessment/<int:pk>/check/", assessments.assessment_check, name="assessment_check"),
    path("assessment/<int:pk>/<slug:code>/", assessed.assessment_owner, name="assessment_owner"),
    path("clearing/", clearing.clearing, name="clearing"),
    path("clearing/list.csv", clearing.clearing_csv, name="clearing_csv"),
    path("clearing/<str:code>/<slug:area>/", clearing.promise, name="clearing_promise"),
    path("meeting/decisions/", decisions.decision_list, name="decision_list"),
    path("meeting/decisions/list.csv", decisions.decision_csv, name="decision_csv"),
    path("meeting/decisions/new/", decisions.decision_new, name="decision_new"),
    path("meeting/decisions/<int:pk>/", decisions.decision, name="decision"),
    path("tasks/", listing.task_list, name="task_list"),
    path("tasks/list.csv", listing.task_csv, name="task_csv"),
    path("tasks/phases/", phases.phases, name="phases"),
    path("tasks/phases/<str:code>/", phases.deliverable, name="deliverable"),
    path("tasks/<str:code>/", work.task, name="task"),
    path("tasks/<str:code>/officer/", work.task_officer, name="task_officer"),
    path("tasks/<str:code>/progress/<str:month>/", reports.report, name="progress"),
    path("tasks/<str:code>/progress/<str:month>/review/", reports.review, name="progress_review"),
]

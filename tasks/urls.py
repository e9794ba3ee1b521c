"""Addresses of clearing lists, decisions, evidence, phases, slips, tasks and key projects."""

from django.urls import path

from tasks.views import clearing, decisions, evidence, gate, listing, phases, plans, reports, slip, slips, work

urlpatterns = [
    path("clearing/", clearing.clearing, name="clearing"),
    path("clearing/list.csv", clearing.clearing_csv, name="clearing_csv"),
    path("clearing/<str:code>/<slug:area>/", clearing.promise, name="clearing_promise"),
    path("meeting/decisions/", decisions.decision_list, name="decision_list"),
    path("meeting/decisions/list.csv", decisions.decision_csv, name="decision_csv"),
    path("meeting/decisions/new/", decisions.decision_new, name="decision_new"),
    path("meeting/decisions/<int:pk>/", decisions.decision, name="decision"),
    path("evidence/<int:pk>/", evidence.download, name="evidence"),
    path("evidence/<int:pk>/away/", evidence.away, name="evidence_away"),
    path("evidence/report/<str:code>/<str:month>/", evidence.of_report, name="evidence_of_report"),
    path("evidence/paper/<str:code>/", evidence.of_paper, name="evidence_of_paper"),
    path("evidence/slip/<int:pk>/", evidence.of_slip, name="evidence_of_slip"),
    path("slips/", slips.slip_list, name="slip_list"),
    path("slips/list.csv", slips.slip_csv, name="slip_csv"),
    path("slips/new/", slips.slip_new, name="slip_new"),
    path("slips/<int:pk>/", slip.slip, name="slip"),
    path("tasks/", listing.task_list, name="task_list"),
    path("tasks/list.csv", listing.task_csv, name="task_csv"),
    path("tasks/phases/", phases.phases, name="phases"),
    path("tasks/phases/<str:code>/", phases.deliverable, name="deliverable"),
    path("tasks/phases/<str:code>/gate/", gate.gate, name="phase_gate"),
    path("tasks/<str:code>/", work.task, name="task"),
    path("tasks/<str:code>/officer/", work.task_officer, name="task_officer"),
    path("tasks/<str:code>/extension/", plans.extension, name="task_extension"),
    path("tasks/<str:code>/nodes/<str:node>/", plans.move_node, name="node_move"),
    path("tasks/<str:code>/progress/<str:month>/", reports.report, name="progress"),
    path("tasks/<str:code>/progress/<str:month>/review/", reports.review, name="progress_review"),
]

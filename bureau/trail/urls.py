"""Addresses of the auditor's pages."""

from django.urls import path

from bureau.trail import views

urlpatterns = [
    path("", views.audit_list, name="audit"),
    path("export.csv", views.audit_export, name="audit_export"),
    path("export.xlsx", views.audit_export, {"ending": "xlsx"}, name="audit_export_xlsx"),
    path("verify/", views.audit_verify, name="audit_verify"),
    path("<int:sequence>/", views.audit_event, name="audit_event"),
]

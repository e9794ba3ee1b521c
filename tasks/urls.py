"""Addresses of tasks and key projects, by code."""

from django.urls import path

from tasks import views

urlpatterns = [
    path("tasks/", views.task_list, name="task_list"),
    path("tasks/<str:code>/", views.task, name="task"),
]

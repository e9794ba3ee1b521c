"""The site's addresses: the health check and the choice of language, then each floor's own."""

from django.contrib import admin
from django.urls import include, path

from haiyan_pilot import api, views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("language/", views.choose_language, name="language"),
    path("settings/", admin.site.urls),
    path("api/v1/", api.urls),
    path("", include("reports.urls")),
    path("", include("tasks.urls")),
    path("", include("indicators.urls")),
    path("", include("bureau.urls")),
]

handler400 = views.bad_request
handler403 = views.permission_denied
handler404 = views.page_not_found
handler500 = views.server_error

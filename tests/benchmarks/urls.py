"""The site's addresses and `empty`: session and user from the database, the grants of the user, nothing else."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from bureau.authorization import Permission, requires


@requires(Permission.READ_RELEASES)
def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse("", content_type="text/plain")


urlpatterns = [path("empty/", empty), path("", include("haiyan_pilot.urls"))]

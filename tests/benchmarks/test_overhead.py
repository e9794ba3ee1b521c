"""What every request costs before its view does anything: the middleware, a session, the policies."""

import statistics
import time

import pytest

BUDGET_SECONDS = 0.010


@pytest.mark.django_db
def test_the_frame_around_a_page_costs_under_ten_milliseconds(client, capsys):
    client.get("/healthz")
    seconds = []
    for _ in range(200):
        start = time.perf_counter()
        assert client.get("/healthz").status_code == 200
        seconds.append(time.perf_counter() - start)
    median = statistics.median(seconds)
    with capsys.disabled():
        print(f"\nframe around a page: median {median * 1000:.2f} ms, largest {max(seconds) * 1000:.2f} ms")
    assert median < BUDGET_SECONDS

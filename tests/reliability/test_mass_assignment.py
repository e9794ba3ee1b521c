"""D4: forms that work, sent once as the page has them and once with the name of every column of every model added.

Both change the same cells of the database to the same values, or the second is refused and changes nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta

import lxml.html
import pytest
from django.apps import apps

from bureau import clock
from tests.reliability.asking import Asking
from tests.reliability.dumps import Dump, dump
from tests.reliability.scale import FULL, result

OURS = ("bureau", "indicators", "tasks", "reports")
# Sessions are of the request, not of the form; the trail's own digests cover the moment of writing.
ASIDE = {"sessions.Session", "bureau.AuditHead", "axes.AccessAttempt", "axes.AccessLog"}
MOMENTS = ("at", "mac", "previous", "digest", "password", "sequence", "event", "version")
MARK = "7"


@dataclass(frozen=True)
class Post:
    """A form of a page: who sends it, which of the page's forms (by its button), what he fills in."""

    who: str
    url: str
    fields: dict[str, str] = field(default_factory=dict)
    button: str = ""

    def __str__(self) -> str:
        return f"{self.who} {self.url} {self.fields.get('action', '')}{self.button}"


REASON = {"reason": "照表核对后改这一处"}
DAY = (clock.real_day() + timedelta(days=20)).isoformat()
POSTS = [
    Post("T", "/entry/yj04/{own}/2017-07/", {"action": "save", "c.{village}.D42": "5"}),
    Post("T", "/entry/yj01/{own}/2017-07/", {"action": "withdraw"}),
    Post("T", "/entry/yj01/{own}/2017-06/correct/", REASON),
    Post("R", "/review/{waiting}/", {"decision": "approve"}),
    Post("R", "/review/{waiting}/", {"decision": "return"} | REASON),
    Post("C", "/check/{check}/", {"decision": "approve"}),
    Post(
        "K",
        "/tasks/T16/progress/2017-07/",
        {"action": "save", "percent": "55", "done": "完成了一半", "next_step": "接着做"},
    ),
    Post("R", "/tasks/T01/progress/2017-06/review/", {"decision": "approve"}),
    Post("O", "/tasks/phases/G01/", {"on": "2016-05-06", "document": "实施方案", "number": "海政发〔2016〕1号"}),
    Post("S", "/accounts/new/", {"username": "newcomer", "display_name": "新来的", "unit": "就业局"}),
    Post("S", "/accounts/{nobody}/edit/", {"display_name": "改了名字", "unit": "就业局"}),
    Post("S", "/accounts/{person}/", {"action": "disable"} | REASON),
    Post("G", "/accounts/{nobody}/grants/new/", {"role": "office"} | REASON),
    Post("G", "/accounts/{person}/grants/{grant}/end/", REASON),
    Post("S", "/accounts/requests/{request}/", {"action": "sign"}),
    Post("T", "/account/handover/{handover}/", {"action": "withdraw"}),
    Post("K", "/reports/evaluation/2017-05/?part=cause/A06", {"action": "write", "text": "报销比例提高。"}),
    Post("O", "/reports/evaluation/2017-05/settings/", {"action": "describe", "issue": "第5期"}),
    Post("O", "/settings/bureau/section/{section}/change/", {"name_en": "Another name"} | REASON),
    Post("R", "/settings/indicators/indicator/{indicator}/change/", {"name_en": "Another name"} | REASON),
]


def names_of_columns() -> list[str]:
    """Every field name and every column name of the project's own models."""
    found = set()
    for app in OURS:
        for model in apps.get_app_config(app).get_models(include_auto_created=True):
            for one in model._meta.concrete_fields:
                found |= {one.name, one.attname}
    return sorted(found)


def form_of(asking: Asking, post: Post, url: str) -> dict[str, list[str]]:
    """The page's form as a browser would send it, with what the person fills in."""
    page = asking(post.who, "GET", url)
    assert page.status_code == 200, f"{post}: the page itself is answered {page.status_code}"
    forms = [one for one in lxml.html.document_fromstring(page.content.decode()).forms if one.method == "POST"]
    fitting = [one for one in forms if set(post.fields) <= set(names_in(one)) and not one.get("action")]
    form = (fitting or [one for one in forms if not one.get("action")])[0]
    data: dict[str, list[str]] = {}
    for name, value in form.form_values():
        data.setdefault(name, []).append(value)
    data |= {name: [""] for name in names_in(form, "textarea", "input[@type='text']") if name not in data}
    return data | {name: [value] for name, value in post.fields.items()}


def names_in(form: lxml.html.FormElement, *kinds: str) -> list[str]:
    return [
        one.get("name")
        for kind in kinds or ("input", "select", "textarea", "button")
        for one in form.findall(f".//{kind}")
        if one.get("name")
    ]


def told(before: Dump, after: Dump) -> Counter:
    """What a form changed, as (table, what, column, value); new keys and moments are not values of the form."""
    found: Counter = Counter()
    for label, rows in after.items():
        names = [one.attname for one in apps.get_model(label)._meta.concrete_fields if one.name != "pk"]
        fresh = {key[0] for other, rows_now in after.items() for key in rows_now if key not in before[other]}
        for key, row in rows.items():
            was = before[label].get(key)
            for name, old, new in zip(names, was or row, row, strict=True):
                if was is None or old != new:
                    moment = name in MOMENTS or name.endswith(("_at", "_id", "detail")) or new in fresh
                    moment = moment or (label, name) == ("bureau.AuditEvent", "code")  # covers the moment of writing
                    found[label, "+" if was is None else key, name, "" if moment else new] += 1
        for key in before[label].keys() - rows.keys():
            found[label, "-", key, ""] += 1
    return found


@pytest.mark.skipif(not FULL, reason="a sweep: RELIABILITY=full")
@pytest.mark.parametrize("post", POSTS, ids=str)
def test_no_form_takes_a_column_that_it_does_not_show(asking: Asking, world, post: Post):
    from bureau.models import Section
    from indicators.models import Indicator

    more = {
        "section": Section.objects.get(code="jyj").pk,
        "indicator": Indicator.objects.filter(section__code="jyj").order_by("pk")[0].pk,
    }
    url = post.url.format(**world.names, **more)
    post = replace(post, fields={name.format(**world.names): value for name, value in post.fields.items()})
    data = form_of(asking, post, url)
    known = set(data) | {name.rsplit("-", 1)[-1] for name in data}
    added = {name: [MARK] for name in names_of_columns() if name not in known}
    assert len(added) > 100
    before = dump(ASIDE)
    honest = asking.kept(post.who, url, data, lambda: told(before, dump(ASIDE)))
    assert honest[0] == 302, f"{post}: {honest[0]}"
    assert honest[1], "the form must do something, or the comparison says nothing"
    greedy = asking.kept(post.who, url, data | added, lambda: told(before, dump(ASIDE)))
    same = greedy[1] == honest[1] if greedy[0] == 302 else not any(k[0] != "bureau.AuditEvent" for k in greedy[1])
    result("D4", "forms sent with every column's name added", 1, int(not same))
    assert same, {"only greedy": greedy[1] - honest[1], "only honest": honest[1] - greedy[1]}

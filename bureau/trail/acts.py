"""What acts there are and what they are called: each floor registers its own; an unknown one shows its code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Kind(StrEnum):
    """What an act is about; the audit page filters by it."""

    SIGNING = "signing"
    ACCESS = "access"
    ACCOUNTS = "accounts"
    ENTRY = "entry"
    RELEASE = "release"
    WORK = "work"
    SETTINGS = "settings"
    SYSTEM = "system"


KINDS: dict[Kind, Promise] = {
    Kind.SIGNING: _("登录"),
    Kind.ACCESS: _("访问与下载"),
    Kind.ACCOUNTS: _("账号与授权"),
    Kind.ENTRY: _("填报与审核"),
    Kind.RELEASE: _("发布与报告"),
    Kind.WORK: _("任务与项目"),
    Kind.SETTINGS: _("设置与口径"),
    Kind.SYSTEM: _("系统运行"),
}


@dataclass(frozen=True)
class Act:
    """An act's name and kind."""

    label: Promise | str
    kind: Kind


_acts: dict[str, Act] = {}


def register(kind: Kind, labels: Mapping[str, Promise | str]) -> None:
    """Name the acts of a floor, by code (from its AppConfig.ready)."""
    _acts.update({code: Act(label, kind) for code, label in labels.items()})


def known() -> Mapping[str, Act]:
    return _acts


def label(code: str) -> str:
    """The act's name, its code where nobody named it."""
    act = _acts.get(code)
    return str(act.label) if act else code


def kind_label(code: str) -> str:
    act = _acts.get(code)
    return str(KINDS[act.kind]) if act else ""


def codes_of(kind: str) -> list[str]:
    """The codes of a kind."""
    return sorted(code for code, act in _acts.items() if act.kind == kind)


def kind_of(code: str) -> Kind | None:
    """The kind of an act, None where nobody named it."""
    act = _acts.get(code)
    return act.kind if act else None

"""A table that only grows, and the abstract rows of a chain."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models

ONLY_GROWS = "This record only grows: write a correction instead."


class AppendOnlyQuerySet(models.QuerySet[Any]):
    def update(self, **_kwargs: Any) -> NoReturn:
        raise TypeError(ONLY_GROWS)

    def delete(self) -> NoReturn:
        raise TypeError(ONLY_GROWS)


class AppendOnly(models.Model):
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(ONLY_GROWS)
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise TypeError(ONLY_GROWS)


class ChainedEntry(AppendOnly):
    """The link of an entry in its chain; what was said lies apart (see `kit.chain`)."""

    number = models.PositiveIntegerField()
    recorded_at = models.DateTimeField()
    previous_hash = models.CharField(max_length=64)
    commitment = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        abstract = True


class ChainedContent(AppendOnly):
    """What an entry says: withheld from those who may not see it, without hurting the chain."""

    salt = models.CharField(max_length=64)
    body = models.JSONField()

    class Meta:
        abstract = True

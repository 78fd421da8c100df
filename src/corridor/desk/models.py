"""Who may sign in here. Passwords and second factors stay on this machine (ordinary tables)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Makes users of this site."""

    def create_user(self, username: str, password: str, *, actor_id: str, **more: Any) -> User:
        """A user who may sign in and acts as `actor_id` in the journal."""
        user = self.model(username=username, actor_id=actor_id, **more)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A sign-in. What its holder may do is said by the actor's roles in the journal."""

    username = models.CharField(_("User name"), max_length=64, unique=True)
    actor_id = models.CharField(max_length=64, db_index=True)
    is_active = models.BooleanField(default=True)

    objects = UserManager()

    USERNAME_FIELD = "username"

    def __str__(self) -> str:
        return self.username


class Draft(models.Model):
    """Something in the making that is no history yet: a plan that nobody published.

    `state` is running, ready or failed; `content` is JSON text of whoever made it.
    """

    key = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=32, db_index=True)
    actor = models.CharField(max_length=64)
    state = models.CharField(max_length=16)
    stage = models.TextField()
    content = models.TextField()
    changed_ms = models.BigIntegerField()

"""Placeholder until the cipher lands."""
from django.db import models
class EncryptedTextField(models.TextField):
    pass
class EncryptedJSONField(models.JSONField):
    pass

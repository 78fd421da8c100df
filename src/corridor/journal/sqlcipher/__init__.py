"""SQLCipher under Django's SQLite backend: encrypted at rest, or plain where no key is given."""

"""The thin shell: sign-in, roles, navigation, base page, languages, print, serving."""

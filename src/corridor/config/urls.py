from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path

from corridor.config.stops import URLS
from corridor.desk import views

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.failed

urlpatterns: list[URLPattern | URLResolver] = [
    *(path(prefix, include(urls)) for prefix, urls in URLS),
    path("language/", include("django.conf.urls.i18n")),
    path("sign-in/", account.login, name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
    path("password/", account.password_change, name="account_change_password"),
    path("again/", account.reauthenticate, name="account_reauthenticate"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("factors/", include("allauth.mfa.urls")),
]

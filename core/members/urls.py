"""Addresses of members and invitations."""

from __future__ import annotations

from django.urls import path

from core.members import invitation_views as invitations
from core.members import join_views, security_views, views

urlpatterns = [
    path("members/", views.member_list, name="member_list"),
    path(
        "members/second-factor/",
        security_views.member_second_factor,
        name="member_second_factor",
    ),
    path("members/<int:pk>/", views.member_detail, name="member_detail"),
    path("members/<int:pk>/edit/", views.member_edit, name="member_edit"),
    path("members/<int:pk>/deactivate/", views.member_deactivate, name="member_deactivate"),
    path("members/<int:pk>/reactivate/", views.member_reactivate, name="member_reactivate"),
    path("invitations/", invitations.invitation_list, name="invitation_list"),
    path("invitations/new/", invitations.invitation_create, name="invitation_create"),
    path("invitations/<int:pk>/", invitations.invitation_detail, name="invitation_detail"),
    path("invitations/<int:pk>/resend/", invitations.invitation_resend, name="invitation_resend"),
    path(
        "invitations/<int:pk>/withdraw/",
        invitations.invitation_withdraw,
        name="invitation_withdraw",
    ),
    path("join/<str:token>/", join_views.join, name="join"),
]

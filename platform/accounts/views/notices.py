"""通知设置: what a person is told by which way, when not, and the mail address that a code has proved."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import mail as mails
from accounts.access import actor_of, signed_in
from accounts.channels import is_phone_refused, reach_of
from accounts.encryption import decrypt, encrypt
from accounts.enums import ChannelName
from accounts.forms import CodeForm
from accounts.masking import mask_mail, mask_phone
from accounts.models import Person
from accounts.notice_forms import MailForm, WishesForm
from accounts.refusals import NotSent
from accounts.services import codes, reaching
from accounts.services.counters import TooMany
from accounts.views.answers import clock_time, page, too_many

FLOW = "mail_code"


def _person(request: HttpRequest) -> Person:
    return Person.objects.select_related("reach").get(pk=actor_of(request).person_id)  # type: ignore[misc]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """Show and keep what is told by which way."""
    person = _person(request)
    reach = reach_of(person)
    ways = [ChannelName.SMS, *([ChannelName.MAIL] if reach.mail and mails.is_on() else [])]
    form = WishesForm(request.POST if request.method == "POST" else None, reach=reach, ways=ways)
    if form.is_valid():
        try:
            has_mail = ChannelName.MAIL in ways
            reaching.set_wishes(person.pk, off=form.off, quiet=form.quiet, has_mail=has_mail)
            return redirect(f"{reverse('account-notices')}?done=saved")
        except reaching.NoWayLeft as refusal:
            form.add_error("statutory", str(refusal))
    context = {
        "form": form,
        "reach": reach,
        "mail": mask_mail(reach.mail),
        "phone": mask_phone(person.phone),
        "is_phone_refused": is_phone_refused(person),
        "is_mail_on": mails.is_on(),
        "done": request.GET.get("done", ""),
    }
    return page(request, "accounts/notices.html", context, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def mail(request: HttpRequest) -> HttpResponse:
    """Ask for a mail address and send it a code; nothing goes there before the code has come back."""
    form = MailForm(request.POST if request.method == "POST" else None)
    status, headers = 422 if form.errors else 200, dict[str, str]()
    if form.is_valid():
        address, person = form.cleaned_data["mail"], actor_of(request).person_id
        try:
            code = reaching.send_mail_code(person, address, now=timezone.now())  # type: ignore[arg-type]
        except NotSent as refusal:
            form.add_error("mail", str(refusal))
            status = 422
        except TooMany as refusal:
            words = _("验证码取得太多，%(time)s后再取") % {"time": clock_time(refusal.until)}
            status, headers = 429, too_many(form, refusal, words)
        else:
            # only the demo shows a code, and only to the browser that asked
            shown = {"shown": code} if settings.IS_DEMO else {}
            request.session[FLOW] = {"mail": encrypt(address, FLOW), **shown}
            return redirect("account-mail-code")
    return page(request, "accounts/mail.html", {"form": form}, status=status, headers=headers)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def mail_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code that went to the mail address; the right one lets messages go there."""
    flow = request.session.get(FLOW)
    if flow is None:
        return redirect("account-mail")
    address = decrypt(flow["mail"], FLOW)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        person, code = actor_of(request).person_id, form.cleaned_data["code"]
        try:
            reaching.prove_mail(person, address, code, now=timezone.now())  # type: ignore[arg-type]
        except (codes.WrongCode, codes.CodeExpired) as refusal:
            form.add_error("code", str(refusal))
        else:
            del request.session[FLOW]
            return redirect(f"{reverse('account-notices')}?done=mail")
    context = {"form": form, "mail": mask_mail(address), "shown": flow.get("shown", "")}
    return page(request, "accounts/mail_code.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in
def mail_drop(request: HttpRequest) -> HttpResponse:
    """Send nothing by mail any more."""
    reaching.drop_mail(actor_of(request).person_id)  # type: ignore[arg-type]
    return redirect(f"{reverse('account-notices')}?done=dropped")


@require_POST
@signed_in
def phone_works(request: HttpRequest) -> HttpResponse:
    """Send to the phone again: the provider was wrong, or the number is in use again."""
    reaching.accept_phone(actor_of(request).person_id)  # type: ignore[arg-type]
    return redirect(f"{reverse('account-notices')}?done=phone")

"""A certificate in the form that was asked for; each form's module is imported only then."""

from __future__ import annotations

from unverse.report.certificate import Certificate


def certificate_in(
    form: str, certificate: Certificate, *, verbose: bool = False, colour: bool = False
) -> str:
    """Return the certificate as one of `CERTIFICATE_FORMS` (`unverse.arguments`).

    Args:
        form: which.
        certificate: what is told.
        verbose: for `text`, every difference and note, not the first ones only.
        colour: for `text`, with the escape sequences of a terminal.
    """
    if form == "json":
        from unverse.report.as_json import certificate_json

        return certificate_json(certificate)
    if form == "markdown":
        from unverse.report.certificate_markdown import certificate_markdown

        return certificate_markdown(certificate)
    if form == "sarif":
        from unverse.report.sarif import certificate_sarif

        return certificate_sarif(certificate)
    if form == "html":
        from unverse.report.page import certificate_html

        return certificate_html(certificate)
    from unverse.report.certificate_text import certificate_text

    return certificate_text(certificate, colour=colour, verbose=verbose)

"""The forms of a certificate, by the name that `--format` knows them by."""

from __future__ import annotations

from unverse.report.certificate import Certificate

FORMATS = ("text", "json", "markdown", "sarif", "html")


def certificate_in(
    form: str, certificate: Certificate, *, verbose: bool = False, colour: bool = False
) -> str:
    """Return the certificate in one of `FORMATS`; `verbose` and `colour` concern the text."""
    if form == "html":
        from unverse.report.page import certificate_html

        return certificate_html(certificate)
    if form == "json":
        from unverse.report.as_json import certificate_json

        return certificate_json(certificate)
    if form == "markdown":
        from unverse.report.certificate_markdown import certificate_markdown

        return certificate_markdown(certificate)
    if form == "sarif":
        from unverse.report.sarif import certificate_sarif

        return certificate_sarif(certificate)
    from unverse.report.certificate_text import certificate_text

    return certificate_text(certificate, verbose=verbose, colour=colour)

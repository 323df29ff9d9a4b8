"""Errors as answers: every failure of a call is `{"error": {"kind", "message", "hint"}}` with its status."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from ..errors import NotFoundError, ShotwrightError, UsageError

REFERENCE = "See the engine's reference page: /v1/docs"
_log = logging.getLogger(__name__)


def error_answer(
    error: ShotwrightError, status: int | None = None, headers: dict[str, str] | None = None
) -> JSONResponse:
    """An error as an answer, with its own status unless another is given."""
    return JSONResponse({"error": error.to_json()}, status or error.http_status, headers)


def _from_shotwright(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ShotwrightError)
    return error_answer(error)


def _from_validation(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = " › ".join(str(part) for part in first["loc"][1:]) or "the request"
    return error_answer(UsageError(f"“{where[:100]}” can't be used: {first['msg']}.", REFERENCE))


def _from_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if error.status_code == 404:
        return error_answer(NotFoundError(f"The engine has no address {request.url.path[:100]}.", REFERENCE))
    if error.status_code == 405:
        words = f"{request.url.path[:100]} does not take {request.method}."
        return error_answer(UsageError(words, REFERENCE), 405, headers)
    return error_answer(UsageError(f"{error.detail}.", REFERENCE), error.status_code, headers)


def _from_anything(_request: Request, error: Exception) -> JSONResponse:
    _log.error("A call failed", exc_info=error)
    return error_answer(ShotwrightError("The engine failed at this call.", "See engine.log in the state folder."))


def answer_errors(app: FastAPI) -> None:
    """Has an app answer every error in the one form."""
    app.add_exception_handler(ShotwrightError, _from_shotwright)
    app.add_exception_handler(RequestValidationError, _from_validation)
    app.add_exception_handler(HTTPException, _from_http)
    app.add_exception_handler(Exception, _from_anything)

"""The reference page: the OpenAPI description as one plain page, which loads nothing from anywhere."""

from __future__ import annotations

import html
import json
from typing import Any

_KNOWN = {
    "type": "object",
    "required": ["frames", "media"],
    "properties": {
        "frames": {"type": "array", "items": {"type": "integer"}, "description": "[first, end) on the take's axis"},
        "media": {
            "type": "object",
            "required": ["sha256"],
            "properties": {
                "sha256": {"type": "string", "description": "sent to /v1/media before"},
                "frames": {"type": "array", "items": {"type": "integer"}, "description": "[first, end) in the medium"},
                "rate": {"type": "string", "nullable": True, "description": "the medium's own; null for a still"},
                "colour": {"type": "string", "enum": ["bt709"]},
            },
        },
        "role": {"type": "string", "enum": ["frame", "panel", "depth", "reference"]},
        "keep": {"type": "number", "minimum": 0, "maximum": 1, "description": "1 is held exactly"},
        "fit": {"type": "string", "enum": ["crop", "pad"]},
    },
}
_TAKE = {
    "type": "object",
    "required": ["prompt", "frames", "rate", "size"],
    "properties": {
        "prompt": {"type": "string"},
        "prompts": {"type": "array", "items": {"type": "object"}, "description": "later words: [{at, text}]"},
        "negative": {"type": "string"},
        "frames": {
            "type": "integer",
            "minimum": 1,
            "description": "exactly so many come back; 60 s at most, and 2 s at either end",
        },
        "rate": {"type": "string", "example": "24000/1001"},
        "size": {"type": "array", "items": {"type": "integer"}, "example": [1280, 720]},
        "seed": {"type": "integer", "minimum": 0, "maximum": 2**53 - 1},
        "known": {"type": "array", "items": _KNOWN},
        "model": {"type": "string", "default": "previs"},
        "sampling": {
            "type": "object",
            "properties": {
                "steps": {"type": "integer"},
                "guidance": {"type": "number"},
                "speed": {"type": "string", "enum": ["draft", "normal", "final"]},
            },
        },
        "parents": {"type": "array", "items": {"type": "string"}},
        "key": {"type": "string", "description": "the same key gives the same job"},
        "delivery": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "codec": {"type": "string", "default": "prores"},
                "handle_frames": {"type": "integer"},
                "start_frames": {"type": "integer"},
                "drop_frame": {"type": "boolean"},
            },
        },
    },
}
_LEAST = {"prompt": "a street at night", "frames": 48, "rate": "24", "size": [640, 360], "seed": 1}
TAKE_BODY: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": _TAKE, "example": _LEAST}}}
}


def page(openapi: dict[str, Any]) -> str:
    """The description as HTML."""
    told = html.escape
    rows = []
    for path, methods in openapi["paths"].items():
        for method, call in methods.items():
            rows.append(f"<h2><code>{told(method.upper())} {told(path)}</code></h2>")
            rows.append(f"<p>{told(call.get('description', ''))}</p>")
            for content in call.get("requestBody", {}).get("content", {}).values():
                rows.append(f"<pre>{told(json.dumps(content.get('schema', {}), indent=1, ensure_ascii=False))}</pre>")
    schemas = json.dumps(openapi.get("components", {}).get("schemas", {}), indent=1, ensure_ascii=False)
    title = told(f"{openapi['info']['title']} {openapi['info']['version']}")
    return (
        f"<!doctype html><meta charset=utf-8><title>{title}</title><h1>{title}</h1>"
        f"<p>{told(openapi['info']['description'])} As OpenAPI: <code>/v1/openapi.json</code></p>"
        f"{''.join(rows)}<h2>Schemas</h2><pre>{told(schemas)}</pre>"
    )

"""`shotwright`: the commands, put together."""

from __future__ import annotations

import sys

import typer

from . import (
    breakdown,
    clips,
    compare,
    demo,
    doctor,
    follow,
    generate,
    jobs,
    models,
    new,
    plugin,
    render,
    script,
    serve,
    shot,
    sync,
    takes,
)

app = typer.Typer(
    name="shotwright",
    help="Video diffusion where a film is cut: scripts to shots, shots to takes, takes in the edit.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(new.new)
app.command()(breakdown.breakdown)
app.command()(shot.shot)
app.command()(generate.generate)
app.command()(follow.follow)
app.command()(render.render)
app.command()(clips.extend)
app.command()(clips.bridge)
app.command()(clips.loop)
app.command()(clips.reroll)
app.command()(clips.restyle)
app.command()(compare.diff)
app.command()(compare.merge)
app.command()(sync.sync)
app.command()(script.script)
app.add_typer(takes.app, name="takes")
app.add_typer(plugin.app, name="plugin")
app.add_typer(jobs.app, name="jobs")
app.add_typer(models.app, name="models")
app.command()(serve.serve)
app.command()(doctor.doctor)
app.command()(demo.demo)


def main() -> None:
    """The console script's door."""
    if sys.version_info < (3, 11):
        sys.exit("Shotwright's command line needs Python 3.11 or newer.")
    app()


if __name__ == "__main__":
    main()

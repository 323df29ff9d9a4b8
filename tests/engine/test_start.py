"""What an engine is made of: started, asked everything once, and then looked into."""

import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

# The engine in the main thread of a process of its own; a second thread asks, then writes down what was imported.
ASKING = textwrap.dedent(
    """
    import json, os, pathlib, signal, sys, threading, time

    def ask():
        from shotwright.core.client import find_engine
        while (client := find_engine()) is None:
            time.sleep(0.05)
        client.pause()
        client.submit({"prompt": "", "frames": 12, "rate": "12", "size": [128, 72]})
        for path in ("/v1/models", "/v1/jobs", "/v1/openapi.json", "/v1/queue"):
            client.get(path)
        client.unload()
        pathlib.Path(sys.argv[1]).write_text(json.dumps(sorted(sys.modules)))
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=ask, daemon=True).start()
    from shotwright.core.engine.__main__ import main
    sys.exit(main())
    """
)


def test_the_engine_never_imports_torch(tmp_path: Path) -> None:
    told = tmp_path / "modules.json"
    subprocess.run([sys.executable, "-c", ASKING, str(told)], check=True, timeout=60, env=os.environ)
    modules = {name.split(".")[0] for name in json.loads(told.read_text())}
    assert "fastapi" in modules
    assert modules.isdisjoint({"torch", "diffusers", "transformers", "cv2", "av", "opentimelineio"})


def test_serve_tells_where_it_is_and_ctrl_c_stops_it_cleanly(state_folder: Path) -> None:
    command = [sys.executable, "-m", "shotwright.core.cli.main", "serve", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        assert told == json.loads((state_folder / "engine.json").read_text())
        assert told["pid"] == process.pid
        process.send_signal(signal.SIGINT)
        _, words = process.communicate(timeout=10)
    assert process.returncode == 130
    assert "Stopped" in words
    assert "Traceback" not in words
    assert not (state_folder / "engine.json").exists()

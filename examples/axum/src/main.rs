//! An API in axum whose routes are guarded by the policy that the Worker reads as well.
//!
//! ```text
//! cargo run -- policy.json 127.0.0.1:8080
//! ```

mod documents;
mod guard;
mod layer;

use std::{env, error::Error, fs, sync::Arc};

use axum::{Extension, Json, Router, routing::get};
use edgeward::resource_server::Grant;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::{guard::Guard, layer::GuardLayer};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [policy, address] = arguments.as_slice() else {
        return Err("Call it with two arguments: POLICY_FILE ADDRESS, as in `policy.json 127.0.0.1:8080`.".into());
    };
    let guard = Guard::new(&fs::read_to_string(policy)?, env::vars().collect())?;
    let listener = TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, api(guard)).with_graceful_shutdown(interrupted()).await?;
    Ok(())
}

/// The routes. What the policy does not name is refused before it gets here.
fn api(guard: Arc<Guard>) -> Router {
    Router::new().route("/health", get(|| async { "well" })).route("/data", get(data)).layer(GuardLayer::new(guard))
}

/// Only with a grant can this be reached: without one there is no such extension, and axum answers 500.
async fn data(Extension(grant): Extension<Grant>) -> Json<Value> {
    let token = grant.token();
    Json(json!({
        "caller": token.subject(),
        "client_id": token.client_id(),
        "scope": token.scope().iter().collect::<Vec<_>>(),
    }))
}

async fn interrupted() {
    // Where it can't be waited for, the server goes on until it is ended from outside.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

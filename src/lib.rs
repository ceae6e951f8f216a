#![no_std]
#![forbid(unsafe_code)]
#![doc = "edgeward"]

extern crate alloc;
// The wasm artifact takes its allocator and panic handler from std; nothing else of std is used.
#[cfg(feature = "wasm")]
extern crate std;

pub mod client;
pub mod crypto;
pub mod error;
pub mod http_url;
pub mod jose;
pub mod jwt;
pub mod limits;
pub mod metadata;
pub mod resource_server;
pub mod time;
#[cfg(feature = "wasm")]
pub mod wasm;

pub use error::Error;
pub use time::UnixTime;

//! The library as a WebAssembly module: an allocator, and what becomes of a panic. Everything else is `edgeward::wasm`.
#![cfg_attr(target_arch = "wasm32", no_std)]
#![forbid(unsafe_code)]

#[cfg(target_arch = "wasm32")]
mod module {
    use core::panic::PanicInfo;

    // What is not named is not linked.
    use edgeward as _;

    /// The allocator that the standard library has for this target.
    #[cfg(not(feature = "small-allocator"))]
    #[global_allocator]
    static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

    /// A smaller one, which gives memory back to itself as well: what is free side by side becomes one piece again.
    #[cfg(feature = "small-allocator")]
    #[global_allocator]
    static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

    /// Traps. A message would have nowhere to go.
    #[panic_handler]
    fn panic(_: &PanicInfo<'_>) -> ! {
        core::arch::wasm32::unreachable()
    }
}

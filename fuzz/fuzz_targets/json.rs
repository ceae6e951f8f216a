#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    // A refusal is as good an end as any; only a property that does not hold panics.
    let _ = edgeward_fuzz::json::run(input);
});

//! What a program needs where nothing is given: an entry point, memory, and what to do on a panic.

use core::{
    alloc::{GlobalAlloc, Layout},
    arch::{asm, global_asm},
    cell::UnsafeCell,
    panic::PanicInfo,
    ptr::null_mut,
    sync::atomic::{AtomicUsize, Ordering},
};

// The stack as the x86-64 calling convention wants it at a call.
global_asm!(".global _start", "_start:", "xor ebp, ebp", "and rsp, -16", "call {start}", "ud2", start = sym start);

extern "C" fn start() -> ! {
    exit(crate::main())
}

/// There is nobody to return to. Under Linux, where this program can be tried out, system call 231 (`exit_group`)
/// ends it with a status.
fn exit(status: u8) -> ! {
    // SAFETY: the call does not return and touches no memory of this program.
    unsafe { asm!("syscall", in("rax") 231_u64, in("rdi") u64::from(status), options(noreturn)) }
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    exit(101)
}

/// Enough for a few verifications; nothing is ever given back.
const HEAP_BYTES: usize = 16 << 20;

#[repr(align(16))]
struct BumpAllocator {
    heap: UnsafeCell<[u8; HEAP_BYTES]>,
    used: AtomicUsize,
}

// SAFETY: every allocation reserves its own part of the heap by one atomic operation.
unsafe impl Sync for BumpAllocator {}

// SAFETY: blocks are aligned as asked, lie inside the heap and never overlap, since `used` only grows.
unsafe impl GlobalAlloc for BumpAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let heap = self.heap.get().cast::<u8>();
        let mut start = 0;
        let reserved = self.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |used| {
            let padding = heap.wrapping_add(used).align_offset(layout.align());
            start = used.checked_add(padding)?;
            start.checked_add(layout.size()).filter(|end| *end <= HEAP_BYTES)
        });
        if reserved.is_ok() { heap.wrapping_add(start) } else { null_mut() }
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[global_allocator]
static ALLOCATOR: BumpAllocator = BumpAllocator { heap: UnsafeCell::new([0; HEAP_BYTES]), used: AtomicUsize::new(0) };

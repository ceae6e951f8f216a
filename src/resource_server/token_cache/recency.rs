//! Values in the order in which they were last used. Every step takes the same time, however many there are.
//!
//! The values lie in slots of one list and are linked to their neighbours by place. A place that was given back is used again,
//! so the list never grows beyond the most values that were there at one time.

use alloc::vec::Vec;

/// Values from the one used last to the one used longest ago.
pub(in super::super) struct Recency<T> {
    slots: Vec<Slot<T>>,
    /// Places whose value was taken out.
    free: Vec<usize>,
    newest: Option<usize>,
    oldest: Option<usize>,
}

struct Slot<T> {
    /// `None` where the place is free.
    value: Option<T>,
    newer: Option<usize>,
    older: Option<usize>,
}

impl<T> Recency<T> {
    pub(in super::super) const fn new() -> Self {
        Self { slots: Vec::new(), free: Vec::new(), newest: None, oldest: None }
    }

    /// How many values there are.
    pub(in super::super) const fn len(&self) -> usize {
        // Each free place is one of the slots, so this can't fall below zero.
        self.slots.len().saturating_sub(self.free.len())
    }

    /// The value at a place.
    pub(in super::super) fn get(&self, place: usize) -> Option<&T> {
        self.slots.get(place)?.value.as_ref()
    }

    /// All values, in no order.
    pub(in super::super) fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.slots.iter_mut().filter_map(|slot| slot.value.as_mut())
    }

    /// The place of the value used longest ago.
    pub(in super::super) const fn oldest(&self) -> Option<usize> {
        self.oldest
    }

    /// Adds a value as the one used last, and says where it is.
    pub(in super::super) fn insert(&mut self, value: T) -> usize {
        let slot = Slot { value: Some(value), newer: None, older: None };
        let place = self.free.pop().unwrap_or(self.slots.len());
        match self.slots.get_mut(place) {
            Some(free) => *free = slot,
            None => self.slots.push(slot),
        }
        self.link(place);
        place
    }

    /// Makes a value the one used last.
    pub(in super::super) fn touch(&mut self, place: usize) {
        if self.newest != Some(place) && self.get(place).is_some() {
            self.unlink(place);
            self.link(place);
        }
    }

    /// Takes a value out.
    pub(in super::super) fn remove(&mut self, place: usize) -> Option<T> {
        let value = self.slots.get_mut(place)?.value.take()?;
        self.unlink(place);
        self.free.push(place);
        Some(value)
    }

    /// Puts a place that has no neighbours before all others.
    fn link(&mut self, place: usize) {
        let older = self.newest.replace(place);
        if let Some(slot) = self.slots.get_mut(place) {
            (slot.newer, slot.older) = (None, older);
        }
        match older.and_then(|older| self.slots.get_mut(older)) {
            Some(slot) => slot.newer = Some(place),
            None => self.oldest = Some(place),
        }
    }

    /// Joins a place's neighbours.
    fn unlink(&mut self, place: usize) {
        let Some((newer, older)) = self.slots.get(place).map(|slot| (slot.newer, slot.older)) else {
            return;
        };
        match newer.and_then(|newer| self.slots.get_mut(newer)) {
            Some(slot) => slot.older = older,
            None => self.newest = older,
        }
        match older.and_then(|older| self.slots.get_mut(older)) {
            Some(slot) => slot.newer = newer,
            None => self.oldest = newer,
        }
    }
}

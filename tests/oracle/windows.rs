//! K7, overlap: usage is cut into windows, and all calls of one stand at its first second.

use crate::clock::{self, DAY, HOUR};
use crate::input::Windows;
use crate::world::World;

/// Where windows begin and end within settlement cycles; None: every second is its own.
pub fn cuts(world: &World) -> Option<Vec<i64>> {
    if world.request.catalog.windows == Windows::Inside {
        return None;
    }
    let mut cuts = vec![world.start, world.end];
    cuts.extend(world.opened);
    // A history knows nothing of what would come after its end: until then somebody may have paid.
    cuts.extend(world.stops.changes().filter(|at| *at < world.end));
    cuts.extend(world.subscriptions.iter().flatten().flat_map(|row| [Some(row.from), row.until]).flatten());
    cuts.extend(world.ladders.iter().flat_map(|row| [row.from, row.until]).flatten());
    cuts.sort_unstable();
    cuts.dedup();
    Some(cuts)
}

impl World {
    /// The window that contains an instant: its first second, and the first second after it.
    pub fn window(&self, at: i64) -> (i64, i64) {
        let Some(cuts) = &self.cuts else { return (at, at + 1) };
        let (mut start, mut end) = self.cycle(at);
        start = start.max(clock::month_start(clock::month(at)));
        end = end.min(clock::month_start(clock::month(at) + 1));
        let today = at.div_euclid(DAY) * DAY;
        let hours = self.grants.iter().filter_map(|grant| grant.hours).flat_map(|hours| [hours.from, hours.to]);
        let bounds = hours.flat_map(|hour| [today - DAY, today, today + DAY].map(|day| day + hour * HOUR));
        for cut in cuts.iter().copied().chain(bounds) {
            if cut <= at {
                start = start.max(cut);
            } else {
                end = end.min(cut);
            }
        }
        (start, end)
    }
}

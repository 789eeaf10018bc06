//! How an open page stays true: one event stream says that something changed, and the page asks again by its own door.

mod changes;
mod fresh;
mod stream;
mod ticker;

pub use changes::{About, leave, use_changes};
pub use fresh::keep_fresh;
pub use stream::Stream;
pub use ticker::{Ticker, use_now};

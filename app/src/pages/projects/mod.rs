mod new;
mod show;

pub use new::New;
pub use show::Show;

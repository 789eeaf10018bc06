use leptos::prelude::*;

/// What an icon shows. All are drawn for this console, on a grid of 16, as one stroke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Back,
    Check,
    Chevron,
    Clock,
    Copy,
    Cost,
    Cross,
    Danger,
    Dash,
    Deploy,
    Key,
    Leave,
    Link,
    Logs,
    Moon,
    Open,
    Overview,
    Pause,
    People,
    Play,
    Plus,
    Releases,
    Restart,
    Ring,
    Screen,
    Search,
    Settings,
    Stop,
    Sun,
    Warning,
}

impl Shape {
    /// All, for the gallery.
    pub const ALL: [Self; 30] = [
        Self::Back,
        Self::Check,
        Self::Chevron,
        Self::Clock,
        Self::Copy,
        Self::Cost,
        Self::Cross,
        Self::Danger,
        Self::Dash,
        Self::Deploy,
        Self::Key,
        Self::Leave,
        Self::Link,
        Self::Logs,
        Self::Moon,
        Self::Open,
        Self::Overview,
        Self::Pause,
        Self::People,
        Self::Play,
        Self::Plus,
        Self::Releases,
        Self::Restart,
        Self::Ring,
        Self::Screen,
        Self::Search,
        Self::Settings,
        Self::Stop,
        Self::Sun,
        Self::Warning,
    ];

    const fn path(self) -> &'static str {
        match self {
            Self::Back => "M3 6.5h6.5a3.5 3.5 0 0 1 0 7H7M3 6.5l3-3M3 6.5l3 3",
            Self::Check => "M3 8.5l3.5 3.5L13 4.5",
            Self::Chevron => "M4.5 6.5l3.5 3.5 3.5-3.5",
            Self::Clock => "M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM8 5v3.2l2 1.3",
            Self::Copy => "M6 5.5h7.5v8H6zM3 10.5H2.5v-8H10v.5",
            Self::Cost => {
                "M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM10 6.3C9.500 5.600 8.900 5.300 8 5.300c-1.100 0-1.900.5-1.900 1.350 0 1.900 3.900.8 3.900 2.700 0 .85-.9 1.350-2 1.350-.9 0-1.600-.3-2.100-1M8 4.300v7.400"
            }
            Self::Cross => "M4 4l8 8M12 4l-8 8",
            Self::Danger => "M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.6 9h5.8l.6-9",
            Self::Dash => "M4 8h8",
            Self::Deploy => "M2.5 4.5h11.5c-.3 3-2.4 4.7-5.2 4.7H6.5C4.2 9.2 2.8 7.5 2.5 4.5zM2 13.5l12-3",
            Self::Key => "M5.5 7a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM7.700 7.800L13.500 2.500M10.500 5.200l2 2",
            Self::Leave => "M9.5 3H3v10h6.5M6.5 8H14M11 5l3 3-3 3",
            Self::Link => {
                "M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM2.5 8h11M8 2.5c-3.500 3.500-3.500 7.500 0 11M8 2.5c3.500 3.500 3.500 7.500 0 11"
            }
            Self::Logs => "M3 4h10M3 8h6.5M3 12h8.5",
            Self::Moon => "M13 9.7A5.5 5.5 0 1 1 6.3 3a4.5 4.5 0 0 0 6.7 6.7z",
            Self::Open => "M6 3.5h6.5V10M12.5 3.5l-9 9",
            Self::Overview => "M2.5 12.5a5.9 5.9 0 1 1 11 0M8 10.5l2.5-4",
            Self::Pause => "M5.5 3.5v9M10.5 3.5v9",
            Self::People => {
                "M6 3a2.3 2.3 0 1 1 0 4.6A2.3 2.3 0 0 1 6 3zM2 13.5a4 4 0 0 1 8 0M10.5 3.300a2.200 2.200 0 0 1 0 4.200M11.5 9.800a4 4 0 0 1 2.5 3.700"
            }
            Self::Play => "M5 3.5L12.5 8 5 12.5z",
            Self::Plus => "M8 3v10M3 8h10",
            Self::Releases => "M8 2.5l5.5 2.7L8 8 2.5 5.2zM2.5 8L8 10.8 13.5 8M2.5 10.8L8 13.5l5.5-2.7",
            Self::Restart => "M12.7 6.500a5 5 0 1 0 .3 1.500M13 2.800v3.700H9.300",
            Self::Ring => "M8 3a5 5 0 1 1 0 10A5 5 0 0 1 8 3z",
            Self::Screen => "M2.5 3.5h11v7.5h-11zM5.5 13.5h5",
            Self::Search => "M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.3 10.3l3.2 3.2",
            Self::Settings => "M2.5 5h6M12 5h1.5M2.5 11h1.5M7.5 11h6M10.25 3.25v3.5M5.75 9.25v3.5",
            Self::Stop => "M4 4h8v8H4z",
            Self::Sun => {
                "M8 5.3a2.7 2.7 0 1 1 0 5.4 2.7 2.7 0 0 1 0-5.4zM8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9"
            }
            Self::Warning => "M8 2.5L14 13H2zM8 6.5v3M8 11v.2",
        }
    }
}

/// An icon beside a word. It says nothing by itself: the word does.
#[component]
pub fn Icon(
    /// What it shows.
    shape: Shape,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
            <path d=shape.path()/>
        </svg>
    }
}

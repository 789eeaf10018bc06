use wasm_bindgen::{JsCast as _, closure::Closure};
use web_sys::{EventSource, MessageEvent};

/// An open stream of server-sent events; dropping it closes it. The browser opens it again by itself when it breaks.
pub struct Stream {
    source: EventSource,
    /// Kept alive for as long as the browser may call them.
    listeners: Vec<Closure<dyn FnMut(MessageEvent)>>,
}

impl Stream {
    /// Opens the stream at an address; none where the browser refuses.
    pub fn open(url: &str) -> Option<Self> {
        EventSource::new(url).ok().map(|source| Self { source, listeners: Vec::new() })
    }

    /// Calls `heard` with the data of every event of this name.
    #[must_use]
    pub fn on(mut self, event: &str, mut heard: impl FnMut(String) + 'static) -> Self {
        let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
            heard(message.data().as_string().unwrap_or_default());
        });
        let _ = self.source.add_event_listener_with_callback(event, listener.as_ref().unchecked_ref());
        self.listeners.push(listener);
        self
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
    }
}

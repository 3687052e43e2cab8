//! What a page asks a server function for. Leptos' resource is one type for each type of data, with a copy of its machinery
//! for each in the browser's half (docs/performance.md). Here there is one resource for all: its value is a [`Reply`], which
//! becomes the page's own type only where it is shown.

use crate::{compact, wire::ApiError};
use leptos::prelude::*;
use leptos::server::codee::string::FromToStringCodec;
use serde::{Serialize, de::DeserializeOwned};
use std::{
    any::Any, convert::Infallible, future::Future, marker::PhantomData, pin::Pin, str::FromStr, sync::Arc,
};

type Anything = dyn Any + Send + Sync;
type Later<T> = Pin<Box<dyn Future<Output = T> + Send>>;
type AskedFor = Box<dyn Fn() -> Asked + Send + Sync>;
type Fetch = Box<dyn Fn(Asked) -> Later<Reply> + Send + Sync>;

/// Data of the type `T`, or why it could not be had: loaded on the server with the page, taken over by the browser, loaded
/// again whenever what is asked for changes.
pub struct Data<T> {
    reply: Resource<Reply, FromToStringCodec>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Data<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Data<T> {}

impl<T> Data<T>
where
    T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static,
{
    /// Asks `fetch` for what `source` says, and again when that has changed.
    pub fn new<S, F>(
        source: impl Fn() -> S + Send + Sync + 'static,
        fetch: impl Fn(S) -> F + Send + Sync + 'static,
    ) -> Self
    where
        S: PartialEq + Clone + Send + Sync + 'static,
        F: Future<Output = Result<T, ApiError>> + Send + 'static,
    {
        let asked = move || Asked::new(source());
        let fetch = move |asked: Asked| {
            let answer = fetch(asked.into_inner());
            Box::pin(async move { Reply::new(answer.await) }) as Later<Reply>
        };
        Self { reply: resource(Box::new(asked), Box::new(fetch)), of: PhantomData }
    }

    /// What is there by now. Followed: whoever reads it hears of the next answer.
    pub fn get(self) -> Option<Result<T, ApiError>> {
        self.reply.get().map(|reply| reply.open())
    }

    /// What is there once it is there.
    pub async fn wait(self) -> Result<T, ApiError> {
        self.reply.await.open()
    }

    /// The same without its type, and what gives it back.
    pub fn untyped(self) -> (Untyped, fn(&Reply) -> Result<T, ApiError>) {
        (self.reply, Reply::open)
    }
}

/// Data whose type is not told.
pub type Untyped = Resource<Reply, FromToStringCodec>;

/// The one copy of a resource's machinery.
fn resource(asked: AskedFor, fetch: Fetch) -> Untyped {
    Resource::new_str(asked, fetch)
}

/// What is asked for, of any type that can be compared.
#[derive(Clone)]
struct Asked {
    value: Arc<Anything>,
    same: fn(&Anything, &Anything) -> bool,
}

impl Asked {
    fn new<S: PartialEq + Send + Sync + 'static>(value: S) -> Self {
        fn same<S: PartialEq + 'static>(a: &Anything, b: &Anything) -> bool {
            matches!((a.downcast_ref::<S>(), b.downcast_ref::<S>()), (Some(a), Some(b)) if a == b)
        }
        Self { value: Arc::new(value), same: same::<S> }
    }

    /// The value; its type is the one it was made of, as both belong to one [`Data`].
    fn into_inner<S: Clone + Send + Sync + 'static>(self) -> S {
        let value = self.value.downcast_ref::<S>();
        value.expect("a resource asks for what its source says").clone()
    }
}

impl PartialEq for Asked {
    fn eq(&self, other: &Self) -> bool {
        (self.same)(&*self.value, &*other.value)
    }
}

/// An answer of any type.
#[derive(Clone)]
pub enum Reply {
    /// As a server function gave it.
    Value {
        /// `Result<T, ApiError>`.
        value: Arc<Anything>,
        /// Writes it into the page.
        #[cfg(feature = "ssr")]
        write: fn(&Anything) -> String,
    },
    /// As it stands in the page: text of [`compact`].
    Text(Arc<str>),
}

impl Reply {
    fn new<T: Serialize + Send + Sync + 'static>(answer: Result<T, ApiError>) -> Self {
        #[cfg(feature = "ssr")]
        fn write<T: Serialize + 'static>(value: &Anything) -> String {
            value
                .downcast_ref::<Result<T, ApiError>>()
                .map(compact::to_bytes)
                .map(|b| compact::to_text(&b))
                .unwrap_or_default()
        }
        Self::Value {
            value: Arc::new(answer),
            #[cfg(feature = "ssr")]
            write: write::<T>,
        }
    }

    fn open<T: DeserializeOwned + Clone + Send + Sync + 'static>(&self) -> Result<T, ApiError> {
        let answer = match self {
            Self::Value { value, .. } => value.downcast_ref::<Result<T, ApiError>>().cloned(),
            Self::Text(text) => compact::from_bytes(&compact::from_text(text)),
        };
        answer.unwrap_or(Err(ApiError(kontor::Error::Unavailable)))
    }
}

impl std::fmt::Display for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            #[cfg(feature = "ssr")]
            Self::Value { value, write } => f.write_str(&write(&**value)),
            // The browser sends no page.
            #[cfg(not(feature = "ssr"))]
            Self::Value { .. } => Ok(()),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl FromStr for Reply {
    type Err = Infallible;
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::Text(text.into()))
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use kontor::Error;

    #[test]
    fn what_the_page_carries_is_what_was_answered() {
        for answer in [Ok(vec!["</script>".to_owned(), "ß".to_owned()]), Err(ApiError(Error::NotFound))] {
            let reply = Reply::new(answer.clone());
            assert_eq!(reply.open::<Vec<String>>(), answer);
            let carried: Reply = match reply.to_string().parse() {
                Ok(carried) => carried,
                Err(never) => match never {},
            };
            assert_eq!(carried.open::<Vec<String>>(), answer);
        }
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        for text in ["", "x", "{}", "\u{102}"] {
            let Ok(reply) = text.parse::<Reply>();
            assert_eq!(reply.open::<u8>(), Err(ApiError(Error::Unavailable)), "{text:?}");
        }
    }

    #[test]
    fn what_is_asked_for_is_compared_by_its_value() {
        let asked = |n: i32| Asked::new((n, "customers".to_owned()));
        assert!(asked(1) == asked(1));
        assert!(asked(1) != asked(2));
        assert!(asked(1) != Asked::new(1));
        assert_eq!(asked(3).into_inner::<(i32, String)>().0, 3);
    }
}

//! A printed curl line sends the request and runs nothing else.

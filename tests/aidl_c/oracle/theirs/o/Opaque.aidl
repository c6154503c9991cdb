package o;

parcelable Opaque cpp_header "opaque.hpp";

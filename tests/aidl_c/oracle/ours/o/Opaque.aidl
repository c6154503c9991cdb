package o;

parcelable Opaque cpp_header "opaque.hpp" ndk_header "opaque.h";

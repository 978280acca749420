// DSM_ADDRESS_SANITIZER and DSM_THREAD_SANITIZER are defined where the compiler instruments for
// them. GCC 12 says so by macros, clang by features.
#pragma once

#if defined(__SANITIZE_ADDRESS__)
#define DSM_ADDRESS_SANITIZER
#endif
#if defined(__SANITIZE_THREAD__)
#define DSM_THREAD_SANITIZER
#endif
#if defined(__has_feature)
#if __has_feature(address_sanitizer) && !defined(DSM_ADDRESS_SANITIZER)
#define DSM_ADDRESS_SANITIZER
#endif
#if __has_feature(thread_sanitizer) && !defined(DSM_THREAD_SANITIZER)
#define DSM_THREAD_SANITIZER
#endif
#endif

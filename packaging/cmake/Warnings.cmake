# Warnings for our own code only; third-party headers are SYSTEM includes. Errors in our presets, not for packagers.
add_library(gradus_warnings INTERFACE)
target_compile_options(gradus_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast
    -Wcast-align -Woverloaded-virtual -Wformat=2 -Wimplicit-fallthrough
    $<$<BOOL:${GRADUS_WERROR}>:-Werror>)

# libtorch from the PyTorch wheel: target TorchWheel. Not find_package(Torch): that one asks for a CUDA toolkit when the
# wheel is a CUDA build. Set GRADUS_TORCH_DIR to a folder that holds include/ and lib/, else python is asked where it is.
if(NOT GRADUS_TORCH_DIR)
    find_program(GRADUS_PYTHON NAMES python3 HINTS ${CMAKE_SOURCE_DIR}/.deps/venv/bin NO_CMAKE_FIND_ROOT_PATH)
    execute_process(COMMAND ${GRADUS_PYTHON} -c
        "import importlib.util as u, os; s = u.find_spec('torch'); print(os.path.dirname(s.origin) if s else '', end='')"
        OUTPUT_VARIABLE _torch_dir ERROR_QUIET)
    set(GRADUS_TORCH_DIR "${_torch_dir}" CACHE PATH "Folder of the PyTorch wheel (holds include/ and lib/)" FORCE)
endif()
if(NOT EXISTS ${GRADUS_TORCH_DIR}/version.py)
    message(FATAL_ERROR "libtorch was not found. Run packaging/run, or install the PyTorch wheel (torch==2.13.0) and set GRADUS_TORCH_DIR.")
endif()
file(STRINGS ${GRADUS_TORCH_DIR}/version.py _torch_version REGEX "^__version__")
string(REGEX MATCH "[0-9]+\\.[0-9]+\\.[0-9]+" GRADUS_TORCH_VERSION "${_torch_version}")
if(GRADUS_TORCH_VERSION VERSION_LESS 2.9)
    message(FATAL_ERROR "libtorch ${GRADUS_TORCH_VERSION} in ${GRADUS_TORCH_DIR} is too old; 2.9 or later is needed.")
endif()
add_library(TorchWheel INTERFACE)
target_include_directories(TorchWheel SYSTEM INTERFACE ${GRADUS_TORCH_DIR}/include)
# libtorch.so is an empty umbrella that a CUDA wheel uses to pull in libtorch_cuda.so: it must stay in NEEDED.
target_link_libraries(TorchWheel INTERFACE
    -Wl,--no-as-needed ${GRADUS_TORCH_DIR}/lib/libtorch.so -Wl,--as-needed
    ${GRADUS_TORCH_DIR}/lib/libtorch_cpu.so ${GRADUS_TORCH_DIR}/lib/libc10.so)
target_compile_definitions(TorchWheel INTERFACE _GLIBCXX_USE_CXX11_ABI=1)
message(STATUS "libtorch ${GRADUS_TORCH_VERSION} in ${GRADUS_TORCH_DIR}")

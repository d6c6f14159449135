# Protocols as spin models. Each is searched completely as it is, and must hold; and again with one thing wrong
# (-D<VARIANT>), and must then fail: so nothing in it is there for decoration.
#
#   model_test(ROOM MODEL holds)
#   model_test(ROOM MODEL fails VARIANT)
find_program(SPIN spin)
if(NOT SPIN)
  message(STATUS "spin not found: models are not checked")
endif()
set(check_model "${CMAKE_CURRENT_LIST_DIR}/check_model.sh")

function(model_test room model expected)
  if(NOT SPIN OR TACTUS_SANITIZE) # a sanitizer has nothing to say about a model
    return()
  endif()
  string(JOIN "." test ${room}_model ${model} ${ARGN} ${expected})
  add_test(NAME ${test} COMMAND sh ${check_model} ${SPIN} ${CMAKE_C_COMPILER}
    ${CMAKE_CURRENT_SOURCE_DIR}/${model}.pml ${expected} ${ARGN})
  set_tests_properties(${test} PROPERTIES TIMEOUT 300)
endfunction()

# The XA writer stands alone: the phantom's tools need it without the reader.
add_library(dsm_xa_writer STATIC ${CMAKE_CURRENT_LIST_DIR}/xa_writer.cpp)
target_link_libraries(dsm_xa_writer
  PUBLIC dsm_core
  PRIVATE DCMTK::dcmjpeg DCMTK::dcmjpls DCMTK::dcmdata)
